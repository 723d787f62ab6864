// The built command, made once before the tests of the lab: later it finds its bundle fresh and starts at once.
import { execFileSync } from 'node:child_process'
import { runFile } from './command.ts'

export default (): void => {
  execFileSync(process.execPath, [runFile, '--version'], { stdio: ['ignore', 'ignore', 'inherit'] })
}
