import { openPage } from '../open-page.ts';
import type { Subcommand } from './invocation.ts';

export const open: Subcommand = (invocation) => openPage(invocation.services, invocation);
