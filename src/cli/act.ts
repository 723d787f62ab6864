// How a command of the command line hands its work over.

/** Each command tells what the process ends with. */
export type Act = (act: () => Promise<number>) => Promise<void>
