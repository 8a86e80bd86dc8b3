import type { People, UserDirectory } from './people.ts';
import type { Allowed, Deed, SettingsBook } from './settings.ts';

/** Somebody asked for what is not theirs to do. The message is for them. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed';
}

const NAMES: Record<Deed | 'administer', string> = {
  connect: 'connect keys',
  disconnect: 'disconnect keys',
  enrich: 'enrich leads',
  administer: 'change settings or make tokens',
};

interface Asker {
  readonly client: UserDirectory;
  readonly workspace: string;
  readonly user: string;
}

/** Who may do what. Asked where the deed is done, whoever drew the button. */
export class Permissions {
  readonly #settings: SettingsBook;
  readonly #people: People;

  constructor(settings: SettingsBook, people: People) {
    this.#settings = settings;
    this.#people = people;
  }

  /** @throws {NotAllowed} saying who may, when the asker may not. */
  async require(deed: Deed, asker: Asker): Promise<void> {
    const allowed = (await this.#settings.of(asker.workspace)).allowed[deed];
    if (allowed === 'everyone') return;
    if (typeof allowed === 'object' && allowed.people.includes(asker.user)) return;
    await this.#requireAdmin(asker, deed, whoMay(allowed));
  }

  /**
   * A workflow's step enriches. Slack does not say who ran the workflow, and its author may name anybody, so
   * where not everybody may enrich, workflows may when an admin has said so.
   * @throws {NotAllowed}
   */
  async requireWorkflows(workspace: string): Promise<void> {
    const { allowed, workflows } = await this.#settings.of(workspace);
    if (allowed.enrich === 'everyone' || workflows) return;
    throw new NotAllowed(
      'Not everybody may enrich leads in this workspace, and workflows may not either. An admin can allow them with /apollo settings.',
    );
  }

  /** For what only admins and owners of the Slack workspace may do. */
  async requireAdmin(asker: Asker): Promise<void> {
    await this.#requireAdmin(asker, 'administer', 'admins of this Slack workspace');
  }

  async #requireAdmin(asker: Asker, deed: Deed | 'administer', who: string): Promise<void> {
    const person = await this.#people.find(asker.client, asker.workspace, asker.user);
    if (person?.admin) return;
    if (!person) {
      throw new NotAllowed(
        `Slack did not say just now whether you may ${NAMES[deed]}. Nothing was done; try again in a minute.`,
      );
    }
    throw new NotAllowed(`Only ${who} may ${NAMES[deed]} here. Nothing was done. Ask one of them.`);
  }
}

function whoMay(allowed: Exclude<Allowed, 'everyone'>): string {
  if (allowed === 'admins') return 'admins of this Slack workspace';
  const people = allowed.people.map((id) => `<@${id}>`);
  return people.length === 0 ? 'admins' : `${people.slice(0, 10).join(', ')} and admins`;
}
