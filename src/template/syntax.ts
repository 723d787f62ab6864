// The syntax tree of a Jinja text; every node knows where it stands in that text.
export type Range = { readonly start: number; readonly end: number }

export type Expression = Range &
  (
    | { readonly type: 'literal'; readonly value: string | number | boolean | null }
    | { readonly type: 'name'; readonly name: string }
    | { readonly type: 'list'; readonly items: readonly Expression[] }
    | { readonly type: 'mapping'; readonly pairs: readonly (readonly [Expression, Expression])[] }
    | { readonly type: 'member'; readonly object: Expression; readonly key: Expression }
    | {
        readonly type: 'slice'
        readonly object: Expression
        readonly from?: Expression
        readonly to?: Expression
        readonly step?: Expression
      }
    | { readonly type: 'call'; readonly callee: Expression; readonly args: Arguments }
    | { readonly type: 'filter'; readonly operand: Expression; readonly name: NameAt; readonly args: Arguments }
    | { readonly type: 'test'; readonly operand: Expression; readonly name: NameAt; readonly args: Arguments }
    | { readonly type: 'not'; readonly operand: Expression }
    | { readonly type: 'sign'; readonly sign: '+' | '-'; readonly operand: Expression }
    | { readonly type: 'logic'; readonly operator: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
    | { readonly type: 'math'; readonly operator: MathOperator; readonly left: Expression; readonly right: Expression }
    | { readonly type: 'compare'; readonly first: Expression; readonly rest: readonly Comparison[] }
    | {
        readonly type: 'choice'
        readonly condition: Expression
        readonly value: Expression
        readonly otherwise?: Expression
      }
  )

export type MathOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '~'
export type Comparator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in'
export type Comparison = { readonly operator: Comparator; readonly right: Expression }
export type NameAt = Range & { readonly name: string }
export type Arguments = {
  readonly positional: readonly Expression[]
  readonly named: readonly { readonly name: string; readonly value: Expression }[]
}

export type Statement = Range &
  (
    | { readonly type: 'text'; readonly text: string }
    | { readonly type: 'output'; readonly expression: Expression }
    | { readonly type: 'if'; readonly branches: readonly Branch[]; readonly otherwise: readonly Statement[] }
    | {
        readonly type: 'for'
        readonly targets: readonly NameAt[]
        readonly over: Expression
        readonly filter?: Expression
        readonly body: readonly Statement[]
        readonly otherwise: readonly Statement[]
      }
    | { readonly type: 'set'; readonly targets: readonly NameAt[]; readonly value: Expression }
    | { readonly type: 'set-member'; readonly target: NameAt; readonly member: string; readonly value: Expression }
    | { readonly type: 'with'; readonly sets: readonly WithSet[]; readonly body: readonly Statement[] }
    | {
        readonly type: 'macro'
        readonly name: NameAt
        readonly parameters: readonly Parameter[]
        readonly body: readonly Statement[]
      }
    | {
        readonly type: 'set-block'
        readonly target: NameAt
        readonly filters: readonly FilterAt[]
        readonly body: readonly Statement[]
      }
    | {
        readonly type: 'filter-block'
        readonly filters: readonly FilterAt[]
        readonly body: readonly Statement[]
      }
  )

export type FilterAt = { readonly name: NameAt; readonly args: Arguments }
export type WithSet = { readonly target: NameAt; readonly value: Expression }

/** Of a macro; what stands for it where nobody gives it. */
export type Parameter = { readonly name: NameAt; readonly otherwise: Expression | undefined }

export type Branch = { readonly condition: Expression; readonly body: readonly Statement[] }
