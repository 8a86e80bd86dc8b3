import { AsyncLocalStorage } from 'node:async_hooks';
import { userInfo } from 'node:os';
import type { Actor } from '@connectionsphere/core';

const acting = new AsyncLocalStorage<Actor>();

/** No request is behind it: the program continues by itself, as after a restart. */
const SERVER: Actor = { kind: 'server', id: 'server', via: 'server' };

/** Runs `work` for an actor: what it records, also by what it calls and awaits, is recorded as the actor's. */
export function actingAs<T>(actor: Actor, work: () => T): T {
  return acting.run(actor, work);
}

/** Who asked for what is being done. */
export function actorNow(): Actor {
  return acting.getStore() ?? SERVER;
}

/** The user of this machine who runs a command, by the system's name for them. */
export function commandLineActor(): Actor {
  return { kind: 'command-line', id: userName(), via: 'command-line' };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container, a user may have a number and no name.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
