import type { Subcommand } from './invocation.ts';

/** The slots, each with its button: a key is taken out by an interaction and a confirmation. */
export const disconnect: Subcommand = async (invocation) => {
  const { services, workspace, reader } = invocation;
  await services.permissions.require('disconnect', invocation);
  return await services.model.slots(
    workspace,
    await reader(),
    'Press *Disconnect* beside the key that is to be taken out.',
  );
};
