// The order of test files: those of the lab wait most and take longest, so they begin, and the others fill the gaps.
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Where nothing is known of the times of earlier runs, as in CI, a file that is short to read counts as short. */
const longest = /\/lab\/gate\/gate\.test\.ts$/

const lanes = ['long', 'lab', 'command', 'unit']

const placeOf = ({ moduleId, project }: TestSpecification): number =>
  longest.test(moduleId) ? -1 : lanes.indexOf(project.name)

export class LabFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((one, other) => placeOf(one) - placeOf(other))
  }
}
