// The order of test files: those of the lab wait most and take longest, so they begin, and the others fill the gaps.
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const lanes = ['ansible', 'lab', 'command', 'unit']

const laneOf = ({ project }: TestSpecification): number => lanes.indexOf(project.name)

export class LabFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => laneOf(a) - laneOf(b))
  }
}
