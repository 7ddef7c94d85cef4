import { natsVariables, processVariables, siteProtocolVariables } from '@caravan/platform';
import { z } from 'zod';

export const variables = z.object({ ...processVariables, ...natsVariables, ...siteProtocolVariables });
export type Config = z.output<typeof variables>;
