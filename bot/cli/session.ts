import type { Core } from '@connectionsphere/core';
import type { Command } from 'commander';
import { actingAs, commandLineActor } from '../acting.ts';
import type { Commands } from '../commands.ts';
import type { OpenCore } from '../core.ts';
import { withOpenCore } from './core.ts';
import { Output } from './output.ts';
import { withCommands } from './with-commands.ts';

/** What every command has: where its words go, whose slots it is about, and the core. */
export interface Session {
  readonly output: Output;
  /** Whether a program reads the output. */
  readonly json: boolean;
  readonly workspace: string;
  /** For what is done in a moment: also while a server holds the store. */
  withCommands<T>(work: (commands: Commands) => Promise<T>): Promise<T>;
  withCore<T>(work: (core: Core) => Promise<T>): Promise<T>;
  /** For what is kept beside the core, in the same store. */
  withOpenCore<T>(work: (opened: OpenCore) => Promise<T>): Promise<T>;
}

/** What a command does is recorded as done by the user who typed it. */
const inPerson = <T>(work: () => T): T => actingAs(commandLineActor(), work);

/** The session of a command that is being carried out. */
export function sessionOf(command: Command): Session {
  const { json = false, workspace } = command.optsWithGlobals<{ json?: boolean; workspace: string }>();
  const { parent } = command;
  const name = parent?.parent ? `${parent.name()} ${command.name()}` : command.name();
  return {
    output: new Output(json),
    json,
    workspace,
    withCommands: (work) => inPerson(() => withCommands(name, work)),
    withCore: (work) => inPerson(() => withOpenCore(name, ({ core }) => work(core))),
    withOpenCore: (work) => inPerson(() => withOpenCore(name, work)),
  };
}
