// What is typed most, alone: less than all commands together is read sooner.
import '../zod-once.ts'
import { runCommand } from '../main.ts'
import { addPlaybookCommands } from '../playbook-commands.ts'

export { keepLoaded } from '../kept-code.ts'

/** @returns What the process ends with. */
export const run = (): Promise<number> => runCommand([addPlaybookCommands])
