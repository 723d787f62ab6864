// How many columns a text covers on a terminal.
import stringWidth from 'string-width'

export const widthOf = (text: string): number => (isNarrow(text) ? text.length : stringWidth(text))

/**
 * As many columns as characters: ASCII, Latin letters, and the signs that we draw with ourselves.
 *
 * To find out for other text takes twenty times as long, and a frame asks hundreds of times.
 */
export const isNarrow = (text: string): boolean => /^[ -~¡-¬®-ʯ‐-‧←-↙−─-╿⠀-⣿✔✖▲]*$/.test(text)
