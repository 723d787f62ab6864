// All commands, and what programs import: one bundle of the two that `start.ts` chooses from.
import '../zod-once.ts'
import { addCompletionCommand } from '../completion-command.ts'
import { addDocsCommand } from '../docs-command.ts'
import { addDoctorCommand } from '../doctor-command.ts'
import { addExplainCommands } from '../explain-command.ts'
import { addHistoryCommand } from '../history-command.ts'
import { addInventoryCommands } from '../inventory-command.ts'
import { addLabCommands } from '../lab-commands.ts'
import { addLintCommand } from '../lint-command.ts'
import { addLockCommands } from '../lock-commands.ts'
import { runCommand } from '../main.ts'
import { addNewCommand } from '../new-command.ts'
import { addPlanCommands } from '../plan-commands.ts'
import { addPlaybookCommands } from '../playbook-commands.ts'
import { addRecordCommand } from '../record-command.ts'
import { addReportCommand } from '../report-command.ts'
import { addResumeCommand } from '../resume-command.ts'
import { addReviewCommand } from '../review-command.ts'
import { addSchemaCommand } from '../schema-command.ts'
import { addUndoCommand } from '../undo-command.ts'
import { addVaultCommands } from '../vault-command.ts'
import { addWorksheetCommand } from '../worksheet-command.ts'

// For programs: src/cli/package/.
export { Problem, Problems } from '../../model/problem.ts'
export { keepLoaded } from '../kept-code.ts'
export { openLab } from '../package/open-lab.ts'
export { runPlaybook } from '../package/run-playbook.ts'

/** @returns What the process ends with. */
export const run = (): Promise<number> =>
  runCommand([
    addPlaybookCommands,
    addDoctorCommand,
    addWorksheetCommand,
    addRecordCommand,
    addPlanCommands,
    addReviewCommand,
    addResumeCommand,
    addUndoCommand,
    addHistoryCommand,
    addReportCommand,
    addInventoryCommands,
    addExplainCommands,
    addLockCommands,
    addLabCommands,
    addNewCommand,
    addDocsCommand,
    addSchemaCommand,
    addCompletionCommand,
    addLintCommand,
    addVaultCommands,
  ])
