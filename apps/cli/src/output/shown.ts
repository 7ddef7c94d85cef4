/**
 * Controls but for line break and tab, and what turns or hides text. Much of what is printed was written by others: reports of sites,
 * answers of servers, files.
 */
// eslint-disable-next-line no-control-regex -- those are what must not come through
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Text as it may go to a terminal: it moves no cursor and reads in one direction. What was JSON is JSON still. */
export const shown = (text: string): string =>
  text.replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
