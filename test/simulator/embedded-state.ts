import { DatabaseSync } from 'node:sqlite';
import { singleProcess } from '../../core/index.ts';
import { SqliteFile } from '../../core/node/sqlite-file.ts';
import { storeOn } from '../../core/node/store.ts';
import type { Http, Log, Store } from '../../core/ports.ts';
import { mortal } from '../jobs/mortal.ts';
import type { Machine } from './machine.ts';
import type { OpenState, State } from './state.ts';

/** SQLite's own error where the disk takes nothing. */
class DiskFull extends Error {
  readonly code = 'ERR_SQLITE_ERROR';
  readonly errcode = 13;
}

/** A database on a disk that may be full. */
class Database extends DatabaseSync {
  isFull = false;

  override exec(sql: string): void {
    const fails = this.isFull && sql === 'COMMIT';
    super.exec(fails ? 'ROLLBACK' : sql);
    if (fails) throw new DiskFull('database or disk is full');
  }

  /** A process lets go of it; what is on the disk stays. */
  override close(): void {
    if (this.isTransaction) super.exec('ROLLBACK');
  }

  discard(): void {
    super.close();
  }
}

/** The real embedded store on a database in memory, which outlives the processes that open it. */
export class EmbeddedState implements State {
  readonly #database = new Database(':memory:');
  #newest: Store | undefined;

  set isFull(full: boolean) {
    this.#database.isFull = full;
  }

  open(machine: Machine, http: Http, log: Log): OpenState {
    const { clock } = machine;
    const atEndOfTurn = (work: () => void) => machine.after(0, work);
    const file = new SqliteFile(this.#database, 'simulated', () => clock.now(), { atEndOfTurn });
    const store = storeOn(file, clock);
    this.#newest = store;
    const { ports, kill } = mortal({ clock, http, log, store });
    return {
      ports: singleProcess(ports),
      kill: () => {
        kill();
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      },
      shut: () => {
        if (this.#database.isTransaction) this.#database.exec('COMMIT');
      },
    };
  }

  inspect(): Store {
    if (!this.#newest) throw new Error('The store was never opened.');
    return this.#newest;
  }

  close(): void {
    this.#database.discard();
  }
}
