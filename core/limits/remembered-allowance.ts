import type { LimitReadings } from '../apollo/types.ts';
import type { Collection, Ports } from '../ports.ts';
import {
  Allowance,
  type AllowanceSnapshot,
  type AllowanceTicket,
  type LimiterAllowance,
  type MinuteMs,
  type Refusal,
} from './allowance.ts';
import type { TicketTimes } from './window.ts';

/**
 * An {@link Allowance} that is stored with every change, for the next process. Durable with the caller's next write:
 * both are begun in one turn of the event loop.
 */
export class RememberedAllowance extends Allowance implements LimiterAllowance {
  readonly #id: string;
  readonly #ports: Pick<Ports, 'clock' | 'log'>;
  readonly #stored: Collection<AllowanceSnapshot>;

  constructor(id: string, minuteMs: MinuteMs, ports: Pick<Ports, 'clock' | 'log' | 'store'>) {
    super(minuteMs);
    this.#id = id;
    this.#ports = ports;
    this.#stored = ports.store.collection<AllowanceSnapshot>('allowances');
  }

  /** Takes up where a former process left off. */
  async open(): Promise<this> {
    const snapshot = await this.#stored.get(this.#id);
    if (snapshot) this.restore(snapshot, this.#ports.clock.monotonic(), this.#wallOffset());
    return this;
  }

  override send(now: number): AllowanceTicket {
    const ticket = super.send(now);
    this.#remember(now);
    return ticket;
  }

  override settle(ticket: AllowanceTicket, now: number, readings: LimitReadings, times?: TicketTimes): void {
    super.settle(ticket, now, readings, times);
    this.#remember(now);
  }

  override withdraw(ticket: AllowanceTicket, now: number): void {
    super.withdraw(ticket, now);
    this.#remember(now);
  }

  override refuse(ticket: AllowanceTicket, now: number, refusal: Refusal, times?: TicketTimes): void {
    super.refuse(ticket, now, refusal, times);
    this.#remember(now);
  }

  #remember(now: number): void {
    void this.#stored
      .set(this.#id, this.snapshot(now, this.#wallOffset()))
      .catch((error) => this.#ports.log.error('An allowance could not be stored', { error }));
  }

  #wallOffset(): number {
    const { clock } = this.#ports;
    return clock.now() - clock.monotonic();
  }
}
