import type { Log } from '@connectionsphere/core';
import type { Authorize } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { InstalledHow } from '../people/asking.ts';
import { NotInstalled, type TokenOf } from '../transport/clients.ts';

/** Who may talk to the bot, and with which token it answers. */
export interface Installations {
  readonly authorize: Authorize<boolean>;
  readonly tokenOf: TokenOf;
  readonly installed: InstalledHow;
}

interface Identity {
  readonly botId?: string | undefined;
  readonly botUserId?: string | undefined;
  readonly teamId?: string | undefined;
  /** Where the app is installed for a whole organisation: the token is for all of its workspaces. */
  readonly organisationId?: string | undefined;
}

/**
 * One workspace, or the workspaces of one organisation: those of the bot token that is given. Slack is asked
 * who that is at the first need.
 */
export function singleWorkspace(token: string, options: WebClientOptions, log: Log): Installations {
  const client = new WebClient(token, options);
  let asked: Promise<Identity> | undefined;
  const identity = async (): Promise<Identity> => {
    asked ??= client.auth.test().then((answer) => {
      log.info('The Slack bot belongs to a workspace', { workspace: answer.team_id, name: answer.team });
      return {
        botId: answer.bot_id,
        botUserId: answer.user_id,
        teamId: answer.team_id,
        organisationId: answer.is_enterprise_install ? answer.enterprise_id : undefined,
      };
    });
    try {
      return await asked;
    } catch (error) {
      // Asked again next time.
      asked = undefined;
      throw error;
    }
  };
  return {
    authorize: async ({ teamId, enterpriseId }) => {
      const { botId, botUserId, teamId: own, organisationId } = await identity();
      if (organisationId !== undefined && enterpriseId !== organisationId) {
        throw new NotInstalled(`The app is not installed in organisation ${enterpriseId}.`);
      }
      if (organisationId === undefined && own !== undefined && teamId !== undefined && teamId !== own) {
        throw new NotInstalled(`The app is not installed in workspace ${teamId}.`);
      }
      return {
        botToken: token,
        ...(botId !== undefined && { botId }),
        ...(botUserId !== undefined && { botUserId }),
      };
    },
    tokenOf: async () => token,
    installed: async (workspace) => {
      const { teamId, organisationId: organisation } = await identity();
      if (organisation !== undefined) return { organisation };
      return workspace === teamId ? {} : undefined;
    },
  };
}
