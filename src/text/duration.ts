// Spans of time as people write them: `500ms`, `30s`, `10m`, `2h`.
const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** The form that is understood, for a message. */
export const durationForm = 'a duration such as 500ms, 30s, 10m or 2h'

/** @returns Milliseconds; nothing when the text is not a duration. A bare number is refused: nobody knows its unit. */
export const parseDuration = (text: string): number | undefined => {
  const [, number, unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|m|h)$/.exec(text.trim()) ?? []
  const factor = unitMs[unit]
  return number === undefined || factor === undefined ? undefined : Math.round(Number(number) * factor)
}

/** `1m 30s`: the largest units first, none that is zero. */
export const formatDuration = (ms: number): string => {
  if (ms < 1000) return `${Math.round(ms)}ms`
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(1))}s`
  const seconds = Math.round(ms / 1000)
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const
  return parts
    .filter(([count]) => count > 0)
    .map(parts => parts.join(''))
    .join(' ')
}
