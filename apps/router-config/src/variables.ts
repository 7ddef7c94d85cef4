import { natsVariables, processVariables } from '@caravan/platform';
import { z } from 'zod';

export const variables = z.object({ ...processVariables, ...natsVariables });
export type Config = z.output<typeof variables>;
