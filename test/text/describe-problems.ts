// Expected problems, written as they print, with a line break in front so that tables stay readable.
export const describeProblems = (text: string): string => text.replace(/^\n/, '')
