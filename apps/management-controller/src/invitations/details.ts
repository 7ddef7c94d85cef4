import type { Ask, SiteDetails } from '@caravan/events';
import { Rejection } from '@caravan/event-store';

type Detail = SiteDetails[string];

/**
 * What a site says of itself, as its invitation asks for it: all of what is required and nothing that is not asked.
 * @throws Rejection `invitation.details-wrong`, with everything that is
 */
export function requireDetails(asks: readonly Ask[], given: SiteDetails): SiteDetails {
  const wrong = [
    ...asks.flatMap((ask) => {
      const detail = Object.hasOwn(given, ask.name) ? given[ask.name] : undefined;
      const why = detail === undefined ? isMissing(ask) : faultOf(ask, detail);
      return why === undefined ? [] : [`${ask.name}: ${why}`];
    }),
    ...Object.keys(given).flatMap((name) =>
      asks.some((ask) => ask.name === name) ? [] : [`${name}: nobody asks for it`],
    ),
  ];
  if (wrong.length === 0) return given;
  const detail = `This invitation asks whoever joins for more than its key. ${wrong.join('; ')}.`;
  throw new Rejection('invitation.details-wrong', { detail, wrong });
}

const isMissing = ({ required, about }: Ask): string | undefined =>
  required ? `it is missing${about === '' ? '' : ` (${about})`}` : undefined;

function faultOf(ask: Ask, detail: Detail): string | undefined {
  if (ask.type === 'choice') {
    return ask.choices.some((choice) => choice === detail) ? undefined : `one of ${ask.choices.join(', ')}`;
  }
  const wanted = ask.type === 'text' ? 'string' : ask.type;
  if (typeof detail !== wanted) return `a ${ask.type}`;
  return ask.required && detail === '' ? 'it is empty' : undefined;
}
