// A terminal that keeps a program's words readable: no colours, no cursor, no line broken.
import type { TerminalSize } from './host-shell.ts'

/** Wide, so that no program breaks the line of a prompt. */
export const wideTerminal: TerminalSize = { columns: 250, rows: 50 }

/** For the shell that starts a program there. */
export const plainly = 'TERM=dumb LANG=C LC_ALL=C; export TERM LANG LC_ALL'
