/** Names of everything that can be pressed, chosen or submitted: views and listeners agree on them here. */
export const ACTION = {
  connect: 'slots.connect',
  disconnect: 'slots.disconnect',
  refreshSlots: 'slots.refresh',
  showSlots: 'slots.show',
  support: 'support',
  page: 'page.open',
  pageLink: 'page.link',
  enrich: 'enrich.open',
  enrichFile: 'enrich.file',
  lookUp: 'enrich.look-up',
  shareCard: 'card.share',
  startOver: 'job.start-over',
  review: 'enrich.review',
  reestimate: 'enrich.reestimate',
  columns: 'enrich.columns',
  pause: 'job.pause',
  resume: 'job.resume',
  cancel: 'job.cancel',
  jobLimit: 'job.limit',
  schedule: 'job.schedule',
  share: 'job.share',
  unshare: 'job.unshare',
  unmatched: 'job.unmatched',
  file: 'job.file',
  format: 'job.format',
  resultLink: 'job.link',
  again: 'job.again',
  decisions: 'decisions.open',
  decisionsPage: 'decisions.page',
  accept: 'decisions.accept',
  reject: 'decisions.reject',
  jobsPage: 'jobs.page',
  homeLists: 'home.lists',
  status: 'job.status',
  credits: 'credits.show',
  monthlyLimit: 'credits.limit',
  forget: 'forget.person',
  settings: 'settings.open',
  settingsWho: 'settings.who',
  help: 'help.show',
  revokeToken: 'token.revoke',
} as const;

export const VIEW = {
  connect: 'connect',
  connected: 'connected',
  enrich: 'enrich',
  review: 'review',
  jobLimit: 'job-limit',
  schedule: 'schedule',
  monthlyLimit: 'monthly-limit',
  settings: 'settings',
  shareCard: 'share-card',
  notice: 'notice',
} as const;

/** Workflow Builder's steps; `manifest.steps.yml` says what goes into them and what comes out. */
export const STEP = {
  person: 'enrich_a_person',
  list: 'enrich_a_list',
} as const;

export const SHORTCUT = {
  enrich: 'enrich_list',
  enrichMessage: 'enrich_message',
} as const;
