import type { Http, Log, Ports, Store } from '../../core/ports.ts';
import type { Machine } from './machine.ts';

/** What one process has open. */
export interface OpenState {
  readonly ports: Ports;
  /** As SIGKILL: what was not written is lost. */
  kill(): void;
  /** Makes durable what was written, at the end of a process. */
  shut(): void;
}

/** What outlives processes. */
export interface State {
  /** It takes no writes. */
  isFull: boolean;
  open(machine: Machine, http: Http, log: Log): OpenState;
  /** For whoever looks at what is stored, at once. */
  inspect(): Store;
  /** It answers nobody for so long; only where it stands apart from the processes. */
  goAway?(ms: number): void;
  comeBack?(): void;
  close(): void;
}
