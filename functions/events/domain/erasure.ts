/** What is needed to forget a party: what is kept about a subject, piece by piece. Each piece is safe to repeat. */
export interface Erasure {
  /** Keys of some of the subject's events; empty when there are no more. */
  eventsOf(subject: string): Promise<readonly string[]>;
  /**
   * Empties the entries of these events in every feed. Their numbers stay: no reader sees a gap.
   *
   * @returns how many there were
   */
  eraseFeedEntries(keys: readonly string[]): Promise<number>;
  eraseEvents(subject: string, keys: readonly string[]): Promise<void>;
  /** The subject's place in the order of events is kept as long as cursors are good, then it goes too. */
  retire(subject: string): Promise<void>;
  /** @returns how many there were */
  eraseDeliveries(subject: string): Promise<number>;
  eraseParkedChanges(subject: string): Promise<void>;
}

/** The subject that a path names: `party:1` is `/party/1`, a URN is itself. */
export const subjectOfPath = (text: string): string => {
  const [, form, value] = /^(party|org|organisation|user|systemuser):(.+)$/.exec(text) ?? [];
  return form && value ? `/${form}/${value}` : text;
};
