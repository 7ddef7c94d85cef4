/** What a write answers, and the log position at which it took effect. */
export class Written<Reply> {
  constructor(
    readonly position: number,
    readonly reply: Reply,
  ) {}
}
