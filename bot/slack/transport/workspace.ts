import type { KnownBlock, ModalView } from '@slack/types';

/** As Slack makes ids of workspaces; those of organisations begin with E. */
const WORKSPACE = /^T[A-Z0-9]+$/;

interface Memo {
  readonly workspace?: unknown;
}

interface Team {
  readonly id?: unknown;
}

/** The parts of what Slack sends that may say which workspace it is about. */
interface Body {
  readonly type?: unknown;
  readonly team?: Team | null;
  readonly team_id?: unknown;
  readonly context_team_id?: unknown;
  readonly user?: { readonly team_id?: unknown };
  readonly actions?: readonly { readonly block_id?: unknown }[];
  readonly message?: { readonly team?: unknown };
  readonly view?: {
    readonly private_metadata?: string;
    readonly app_installed_team_id?: unknown;
    readonly team_id?: unknown;
  };
  readonly event?: {
    readonly view?: { readonly team_id?: unknown };
    readonly team?: unknown;
    readonly user_team?: unknown;
  };
  readonly authorizations?: readonly { readonly team_id?: unknown }[];
}

/** A modal that keeps in mind for which workspace it was opened. */
export function inWorkspace(view: ModalView, workspace: string): ModalView {
  const memo = JSON.parse(view.private_metadata || '{}') as Memo;
  return { ...view, private_metadata: JSON.stringify({ ...memo, workspace }) };
}

/**
 * The blocks of a message, each that can be pressed with the workspace that it is for in its `block_id`, which Slack
 * sends along with a press. Of an installation for an organisation it says `team: null`, of an ephemeral message
 * nothing but the person's home workspace, and whether a message's own `team` is where it was posted is documented
 * nowhere. https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
 */
export function blocksIn(workspace: string, blocks: readonly KnownBlock[]): KnownBlock[] {
  return blocks.map((block, at) =>
    block.type === 'actions' || (block.type === 'section' && block.accessory)
      ? { ...block, block_id: `${workspace}.${at}` }
      : block,
  );
}

function writtenIn(blockId: unknown): string | undefined {
  return typeof blockId === 'string' ? /^(T[A-Z0-9]+)\.\d+$/.exec(blockId)?.[1] : undefined;
}

/**
 * Which workspace something is about; `undefined` where Slack names none. Where the app is installed for an
 * organisation, a form says the organisation's id alone (`app_installed_team_id`) and `team: null`, so what opened
 * it decides; so does what a message that was pressed says ({@link blocksIn}), else the Home tab's or the message's team,
 * and last the person's own.
 */
function workspaceOf(body: Body) {
  const { view, team, team_id, context_team_id, user, message, event, authorizations, actions } = body;
  const said = [
    (JSON.parse(view?.private_metadata || '{}') as Memo).workspace,
    writtenIn(actions?.[0]?.block_id),
    view?.app_installed_team_id,
    authorizations?.[0]?.team_id,
    team?.id,
    team_id,
    context_team_id,
    event?.view?.team_id,
    event?.team,
    event?.user_team,
    view?.team_id,
    message?.team,
    user?.team_id,
  ];
  return said.find((id): id is string => typeof id === 'string' && WORKSPACE.test(id));
}

/**
 * What Slack sent, with its workspace at the one place of each shape where Bolt looks for it: `team` of commands and
 * presses, `view.app_installed_team_id` of forms, `authorizations` of events.
 */
export function withWorkspace<T extends Body>(body: T): T {
  const workspace = workspaceOf(body);
  if (workspace === undefined) return body;
  const { view, authorizations, type } = body;
  if (type === 'event_callback') {
    if (!authorizations?.[0]) return body;
    return {
      ...body,
      authorizations: [{ ...authorizations[0], team_id: workspace }, ...authorizations.slice(1)],
    };
  }
  if (type === undefined) return body;
  return {
    ...body,
    team: { ...body.team, id: workspace },
    ...(view && { view: { ...view, app_installed_team_id: workspace } }),
  };
}
