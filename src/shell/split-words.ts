// Cuts a command line into its words, without a shell: quotes count, `|` and `$` do not.
import { parseArgsStringToArgv } from 'string-argv'

export const splitWords = (line: string): readonly string[] => parseArgsStringToArgv(line)
