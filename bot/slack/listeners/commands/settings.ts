import { openSettings } from '../open-settings.ts';
import type { Subcommand } from './invocation.ts';

export const settings: Subcommand = async (invocation) => {
  await openSettings(invocation);
  return undefined;
};
