/** What an answer says, whatever its age: the same text where only that is another. */
export function saidBy(answer: { at: string | null }): string {
  return JSON.stringify({ ...answer, at: null })
}
