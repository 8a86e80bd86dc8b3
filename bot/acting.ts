import { AsyncLocalStorage } from 'node:async_hooks';
import { userInfo } from 'node:os';
import type { Actor } from '@connectionsphere/core';

const acting = new AsyncLocalStorage<Actor>();

/** Nobody asked: the program goes on by itself. */
const SERVER: Actor = { kind: 'server', id: 'server', via: 'server' };

/** Does `work` in somebody's name: what is recorded of it, also by what it calls and awaits, is recorded as theirs. */
export function actingAs<T>(actor: Actor, work: () => T): T {
  return acting.run(actor, work);
}

/** Who asked for what is done just now. */
export function actorNow(): Actor {
  return acting.getStore() ?? SERVER;
}

/** Whoever types on this machine: the system's name of them. */
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
