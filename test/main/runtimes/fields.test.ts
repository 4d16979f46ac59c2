import { expect, it } from 'vitest'
import {
  countOrNull,
  countOrZero,
  quantisationInName,
  textOrNull,
} from '../../../main/runtimes/fields.ts'

it.each([
  ['qwen3-30b-a3b-Q4_K_M.gguf', 'Q4_K_M'],
  ['ggml-org/gemma-3-4b-it-GGUF:Q4_K_M', 'Q4_K_M'],
  ['llama-3.3-70b-instruct-IQ2_XXS', 'IQ2_XXS'],
  ['gpt-oss-120b-MXFP4.gguf', 'MXFP4'],
  ['mlx-community/Qwen3-8B-4bit', '4bit'],
  ['model-f16.gguf', 'f16'],
  ['Qwen3-8B-bf16', 'bf16'],
  ['phi-4', null],
  ['Q4', null],
  ['', null],
])('reads the quantisation of %s', (name, quantisation) => {
  expect(quantisationInName(name)).toBe(quantisation)
})

it('takes only what has the right form', () => {
  expect([0, -1, 1.5, '7', null, 7].map(countOrNull)).toEqual([null, null, null, null, null, 7])
  expect([0, -1].map(countOrZero)).toEqual([0, null])
  expect(['', 'unknown', 7, 'x'].map(textOrNull)).toEqual([null, null, null, 'x'])
})
