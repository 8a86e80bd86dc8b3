import type { Asker, People, Person } from './people.ts';
import type { Allowed, Deed, SettingsRepository, WorkspaceSettings } from './settings.ts';

/** Somebody asked for what is not theirs to do. The message is for them. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed';
}

/** Slack does not say just now who somebody is: asked again, it may. */
export class NotKnown extends NotAllowed {}

const NAMES: Record<Deed | 'administer', string> = {
  connect: 'connect keys',
  disconnect: 'disconnect keys',
  enrich: 'enrich leads',
  forget: 'have people forgotten',
  limits: 'set monthly limits',
  tokens: 'make tokens',
  administer: 'change settings',
};

/** Who may do what. Asked where the deed is done, whoever drew the button. */
export class Permissions {
  readonly #settings: SettingsRepository;
  readonly #people: People;

  constructor(settings: SettingsRepository, people: People) {
    this.#settings = settings;
    this.#people = people;
  }

  /**
   * The people of the workspace, and its guests where an admin allows them, may use the bot at all; strangers
   * in a shared channel may not, whatever is asked for.
   * @throws {NotAllowed}
   */
  async requireMember(asker: Asker): Promise<void> {
    await this.#member(asker, await this.#settings.of(asker.workspace));
  }

  /** @throws {NotAllowed} saying who may, when the asker may not. */
  async require(deed: Deed, asker: Asker): Promise<void> {
    const settings = await this.#settings.of(asker.workspace);
    const person = await this.#member(asker, settings);
    const allowed = settings.allowed[deed];
    if (person.admin || allowed === 'everyone') return;
    if (typeof allowed === 'object' && allowed.people.includes(asker.user)) return;
    throw refusal(whoMay(allowed), deed);
  }

  /** Whether {@link require} would let the asker, who may use the bot, do it. */
  async allows(deed: Deed, asker: Asker): Promise<boolean> {
    try {
      await this.require(deed, asker);
      return true;
    } catch (error) {
      if (error instanceof NotAllowed) return false;
      throw error;
    }
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

  /** For what only admins and owners of the Slack workspace or of its organisation may do. */
  async requireAdmin(asker: Asker): Promise<void> {
    const { admin } = await this.#member(asker, await this.#settings.of(asker.workspace));
    if (!admin) throw refusal('admins of this Slack workspace', 'administer');
  }

  /** @throws {NotAllowed} as {@link requireMember}. */
  async isAdmin(asker: Asker): Promise<boolean> {
    return (await this.#member(asker, await this.#settings.of(asker.workspace))).admin;
  }

  async #member(asker: Asker, { guests }: WorkspaceSettings): Promise<Person> {
    const person = await this.#people.find(asker);
    if (!person) {
      throw new NotKnown('Slack did not say just now who you are. Nothing was done; try again in a minute.');
    }
    if (person.standing === 'gone') {
      throw new NotAllowed('Slack says that this account is deactivated, or gone. Nothing was done.');
    }
    if (person.standing === 'stranger') {
      throw new NotAllowed(
        'This app belongs to another company. In shared channels it is only for the people of the workspace that installed it. Nothing was done.',
      );
    }
    if (person.standing === 'guest' && !guests) {
      throw new NotAllowed(
        'Guests of this workspace may not use this app. An admin can allow them with /apollo settings. Nothing was done.',
      );
    }
    return person;
  }
}

function refusal(who: string, deed: Deed | 'administer'): NotAllowed {
  return new NotAllowed(`Only ${who} may ${NAMES[deed]} here. Nothing was done. Ask one of them.`);
}

function whoMay(allowed: Exclude<Allowed, 'everyone'>): string {
  if (allowed === 'admins') return 'admins of this Slack workspace';
  const people = allowed.people.map((id) => `<@${id}>`);
  return people.length === 0 ? 'admins' : `${people.slice(0, 10).join(', ')} and admins`;
}
