import { connectView } from '../../views/connect.ts';
import { openConnect } from '../open-connect.ts';
import type { Press } from './press.ts';

/** *+ Connect* on a slot, or *Connect slot 2 too* after the first. */
export async function connect(press: Press): Promise<void> {
  const { services, workspace, modal } = press;
  const slot = press.value === '' ? undefined : Number(press.value);
  if (!modal) return await openConnect({ ...press, slot });
  await services.permissions.require('connect', press);
  const view = connectView({ view: await services.core.slots.list(workspace), slot });
  await press.replace(view);
}
