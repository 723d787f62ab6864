// A text in a table, which starts on a line of its own so that it reads as it would in a file.
export const block = (text: string): string => text.replace(/^\n/, '')
