// What a playbook in TypeScript imports: `#playbook`.
export { playbook } from './define.ts'
