import { describe, expect, it } from 'vitest'
import { standsAtEnd } from '../../src/shell/prompt-match.ts'

describe('a prompt stands at the end', () => {
  it.each<[string, string | RegExp, string]>([
    ['of the only line', 'Name:', 'Name:'],
    ['before a blank', 'Name:', 'Name: '],
    ['before a default', 'Mount point', 'Mount point [/mnt/messenger]: '],
    ['before a choice', 'Install', 'Install? (y/n) > '],
    ['of the last line', 'Name:', 'Welcome\nName: '],
    ['after a number', 'Directory for shared storage', '  8. Directory for shared storage: '],
    ['as a pattern', /directory for .* storage/i, 'Directory for shared storage:'],
    ['as a pattern from the begin of its line', /^Choice:$/, 'Menu\nChoice:'],
    ['as a pattern over several lines', /1\) create[\s\S]*Choice/, '1) create\n2) join\nChoice: '],
    ['with a line break of its own', 'Press Enter\n', 'Press Enter\n'],
    ['with the characters of patterns in it', 'Continue? (y/n)', 'Continue? (y/n) '],
    ['the second time', 'Name:', 'Name: \nName: '],
  ])('%s', (_, prompt, text) => expect(standsAtEnd(prompt, text)).toBeGreaterThan(0))

  it.each<[string, string | RegExp, string]>([
    ['when a line follows', 'Name:', 'Name:\nWelcome'],
    ['when its line has ended', 'Name:', 'Name:\n'],
    [
      'when words follow',
      'Directory for shared storage',
      'Directory for shared storage is read-only! Overwrite? (y/n)',
    ],
    ['when it is the end of a longer word', 'word:', 'Password:'],
    ['when half of it has come', 'Directory for shared storage', 'Directory for sha'],
    ['when there is nothing', /.*/, ''],
  ])('not %s', (_, prompt, text) => expect(standsAtEnd(prompt, text)).toBeUndefined())
})
