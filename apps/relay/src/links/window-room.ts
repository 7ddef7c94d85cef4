/** One line's part of the room for windows. */
export interface WindowPlace {
  /** Whether its windows may bring so many bytes more; 0: whether they may stay as large as they are. */
  mayBring(bytes: number): boolean;
  leave(): void;
}

/** Room for what large windows may bring: when nobody reads any more, each of them is filled, and perhaps all of them before anybody has looked. */
export class WindowRoom {
  readonly #granted = new Set<() => number>();

  /** `hasRoom`: whether this relay may come to hold so many bytes more. */
  constructor(private readonly hasRoom: (bytes: number) => boolean) {}

  /** `granted`: what the windows of the line may bring now, beyond what small ones may. */
  enter(granted: () => number): WindowPlace {
    this.#granted.add(granted);
    return {
      mayBring: (bytes) => this.hasRoom(bytes > 0 ? bytes + this.#all() : 0),
      leave: () => void this.#granted.delete(granted),
    };
  }

  #all(): number {
    let bytes = 0;
    for (const granted of this.#granted) bytes += granted();
    return bytes;
  }
}
