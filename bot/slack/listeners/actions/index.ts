import type { App } from '@slack/bolt';
import { ACTION } from '../../action-ids.ts';
import { helpMessage } from '../../messages/help.ts';
import type { Services } from '../../services.ts';
import { openPage } from '../open-page.ts';
import { openSettings } from '../open-settings.ts';
import { connect } from './connect.ts';
import { askMonthlyLimit, showCredits } from './credits.ts';
import { acceptAnswer, openDecisions, rejectAnswer, showDecisions } from './decisions.ts';
import { disconnect } from './disconnect.ts';
import { enrich, enrichFile } from './enrich.ts';
import { forget } from './forget.ts';
import { chooseHomeLists } from './home-lists.ts';
import { type Interaction, onInteraction } from './interaction.ts';
import { cancel, pause, resume } from './job-control.ts';
import { linkResult, sendAs, sendFile, sendUnmatched } from './job-files.ts';
import { askJobLimit } from './job-limit.ts';
import { askSchedule } from './job-schedule.ts';
import { share, unshare } from './job-share.ts';
import { showJob, showJobs } from './job-status.ts';
import { lookUpWritten } from './look-up.ts';
import { openReview } from './open-review.ts';
import { changeColumns, reestimate } from './reestimate.ts';
import { revokeToken } from './revoke-token.ts';
import { chooseWho } from './settings-who.ts';
import { shareCard } from './share-card.ts';
import { refreshSlots, showSlots } from './slots.ts';
import { startOver, tryAgain } from './try-again.ts';

const HANDLERS: readonly (readonly [string | RegExp, (interaction: Interaction) => Promise<void>])[] = [
  [ACTION.connect, connect],
  [ACTION.disconnect, disconnect],
  [ACTION.refreshSlots, refreshSlots],
  [ACTION.showSlots, (interaction) => showSlots(interaction)],
  [ACTION.enrich, enrich],
  [ACTION.enrichFile, enrichFile],
  [ACTION.lookUp, lookUpWritten],
  [ACTION.shareCard, shareCard],
  [ACTION.startOver, startOver],
  [ACTION.review, openReview],
  [ACTION.reestimate, reestimate],
  [ACTION.columns, changeColumns],
  [ACTION.pause, pause],
  [ACTION.resume, resume],
  [ACTION.cancel, cancel],
  [ACTION.jobLimit, askJobLimit],
  [ACTION.schedule, askSchedule],
  [ACTION.share, share],
  [ACTION.unshare, unshare],
  [ACTION.file, sendFile],
  [ACTION.unmatched, sendUnmatched],
  [ACTION.format, sendAs],
  [ACTION.resultLink, linkResult],
  [ACTION.again, tryAgain],
  [ACTION.status, showJob],
  [ACTION.decisions, openDecisions],
  [ACTION.accept, acceptAnswer],
  [ACTION.reject, rejectAnswer],
  // In one row two buttons may not have the same name: `jobs.page.back` and `jobs.page.on` are pages too.
  [/^jobs\.page/, showJobs],
  [/^decisions\.page/, showDecisions],
  [/^home\.lists/, chooseHomeLists],
  [ACTION.credits, showCredits],
  [ACTION.monthlyLimit, askMonthlyLimit],
  [ACTION.forget, forget],
  [ACTION.revokeToken, revokeToken],
  [ACTION.settings, openSettings],
  [ACTION.settingsWho, chooseWho],
  [ACTION.help, (interaction) => interaction.show(helpMessage())],
  // A link on the Home tab itself would be used up, or too old, by the second press.
  [
    ACTION.pageLink,
    async (interaction) => interaction.show(await openPage(interaction.services, interaction)),
  ],
  // A link needs no answer, but Slack wants to know that it was heard.
  [ACTION.support, async () => {}],
  [ACTION.page, async () => {}],
];

/** Those that open a modal, and ask who may while they do. */
const ASK_THEMSELVES: ReadonlySet<(interaction: Interaction) => Promise<void>> = new Set([
  connect,
  enrich,
  enrichFile,
  askJobLimit,
  askSchedule,
  openDecisions,
  openReview,
  shareCard,
  startOver,
  tryAgain,
  askMonthlyLimit,
  openSettings,
]);

export function register(app: App, services: Services): void {
  for (const [name, handler] of HANDLERS) {
    const listener = onInteraction(services, handler, ASK_THEMSELVES.has(handler));
    app.action({ action_id: name, type: 'block_actions' }, listener);
  }
}
