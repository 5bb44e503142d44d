import { describe, expect, it } from 'vitest';
import { parseFormula } from '../src/expression.ts';
import { errorOf, evaluate, formula } from './evaluate.ts';

const row = {
  city: 'San Francisco',
  price: 12,
  quantity: 5,
  prices: [5, 205, 178, 12, 22],
  mixed: [1, 'a', null, 2.5, '3', true],
  states: ['Georgia', 'Florida'],
};

describe('reports.md 14.3: every function', () => {
  it.each([
    ['if(properties["price"] > 10, "high", "low")', 'high'],
    ['if(undefined, 1, 2)', 2],
    ['if("yes", 1, 2)', 1],
    ['ifs(properties["price"] < 10, "low", properties["price"] < 20, "mid", true, "high")', 'mid'],
    ['ifs(false, 1)', undefined],
    ['let(spend, properties["price"] * properties["quantity"], if(spend > 50, spend, 0))', 60],
    ['let(x, 1, let(x, x + 1, x) + x)', 3],
    ['not(properties["city"] == "Berlin")', true],
    ['not "false"', true],
    ['properties["price"] > 1 and properties["city"] == "san francisco"', true],
    ['properties["missing"] and 1 / 0', false],
    ['properties["missing"] or "text"', true],
    ['"Francisco" in properties["city"]', true],
    ['properties["city"] in ["Berlin", "SAN FRANCISCO"]', true],
    ['defined(properties["missing"])', false],
    ['boolean("0")', true],
    ['number("12.5")', 12.5],
    ['number("2024-03-04T10:00:00")', 1709546400],
    ['string(properties["price"])', '12'],
    ['min(3, 1, 2)', 1],
    ['max(properties["price"], properties["quantity"])', 12],
    ['max(1, "2")', undefined],
    ['floor(2.7)', 2],
    ['ceil(2.1)', 3],
    ['ceil(-0.5)', 0],
    ['round(2.4)', 2],
    ['round(-0.5)', -1],
    ['round(1.005, 2)', 1.01],
    ['round(1234, -2)', 1200],
    ['upper("hello")', 'HELLO'],
    ['lower("FacEBook")', 'facebook'],
    ['lower(1)', undefined],
    ['len("Canada")', 6],
    ['len("a😀b")', 3],
    ['len(properties["prices"])', 5],
    ['len(1)', undefined],
    ['left("Canada", 3)', 'Can'],
    ['left("Canada", 99)', 'Canada'],
    ['left("Canada", -1)', ''],
    ['left("😀😀", 1)', '😀'],
    ['right("Canada", 3)', 'ada'],
    ['right("Canada", 99)', 'Canada'],
    ['right("Canada", 0)', ''],
    ['mid("Canada", 1, 4)', 'Cana'],
    ['mid("Canada", 3, 2)', 'na'],
    ['mid("Canada", 9, 2)', ''],
    ['mid("Canada", 0, 2)', 'C'],
    ['split("dwight@dm.com", "@", 2)', 'dm.com'],
    ['split("dwight@dm.com", "@", 1)', 'dwight'],
    ['split("dwight@dm.com", "@", 4)', undefined],
    ['split("dwight@dm.com", "/", 2)', 'dwight@dm.com'],
    ['split("empty//string/", "/", 2)', ''],
    ['split("a", "", 1)', undefined],
    ['split("a@b", "@", 0)', undefined],
    ['has_prefix("United States", "UNITED")', true],
    ['has_prefix("United States", "States")', false],
    ['has_suffix("United States", "states")', true],
    ['has_suffix(undefined, "states")', undefined],
    ['parse_url("https://docs.example.co.uk:8080/a?b#c", "domain")', 'example.co.uk'],
    ['parse_url("https://docs.example.co.uk:8080/a?b#c", "full_domain")', 'docs.example.co.uk'],
    ['regex_extract("iPhone5.1", "iPhone(...)", 1)', '5.1'],
    ['regex_extract("iPhone5.1", "iphone(...)")', 'iPhone5.1'],
    ['regex_extract("iPhone5.1", "Android")', undefined],
    ['regex_extract("ab", "a(x)?b", 1)', undefined],
    ['regex_extract("ab", "a(b)", 2)', undefined],
    ['regex_match("zzhaystackzz", "ha(...)ack")', true],
    ['regex_match("HAYSTACK", "haystack")', true],
    ['regex_match("HAYSTACK", "(?-i)haystack")', false],
    ['regex_match(5, "5")', undefined],
    ['regex_replace("$1,234,567", "[^.0-9]*", "")', '1234567'],
    ['regex_replace("john smith", "(\\w+) (\\w+)", "$2, $1")', 'smith, john'],
    ['regex_replace("a1b2", "(?<digit>\\d)", "<${digit}$$>")', 'a<1$>b<2$>'],
    ['datedif("2023-11-05", "2024-03-12", "M")', 4],
    ['datedif("2020-03-13", today(), Y)', 3],
    ['today()', Date.UTC(2024, 2, 11, 23) / 1000],
    ['any(X, properties["prices"], X > 300)', false],
    ['any(X, properties["prices"], X >= 5 and X < 300)', true],
    ['all(X, properties["prices"], X > 5 and X < 200)', false],
    ['all(X, properties["prices"], X >= 5 and X < 300)', true],
    ['any(X, [], true)', false],
    ['all(X, [], false)', true],
    ['any(X, "no list", true)', undefined],
    ['sum(properties["prices"])', 422],
    ['sum(filter(X, properties["prices"], X > 100))', 383],
    ['sum(properties["mixed"])', 3.5],
    ['sum(1)', undefined],
    ['7 % 4', 3],
    ['"a" + "b"', 'ab'],
    ['"Facebook" == "FACEBOOK"', true],
    ['"Facebook" != "FACEBOOK"', false],
    ['["A", ["b"]] == ["a", ["B"]]', true],
    ['5 == "5"', false],
    ['TODAY() == today()', true],
    ['If(TRUE, 1, 2) // a comment', 1],
  ])('%s', (text, result) => {
    expect(formula(text, row)).toBe(result);
  });

  it.each([
    ['split("dwight@dm.com", "@")', ['dwight', 'dm.com']],
    ['split("a//b/c", "/")', ['a', '', 'b', 'c']],
    ['split("a/b", "-")', ['a/b']],
    ['filter(X, properties["prices"], X > 100)', [205, 178]],
    ['map(X, properties["states"], lower(X))', ['georgia', 'florida']],
    [
      'map(X, [1, 2], map(Y, [10, 20], X + Y))',
      [
        [11, 21],
        [12, 22],
      ],
    ],
    ['[1, properties["missing"]]', [1, undefined]],
  ])('%s', (text, result) => {
    expect(formula(text, row)).toEqual(result);
  });

  it('reads items of a list by number, and of an object by key', () => {
    const ids = { ids: ['a', 'b'], o: { k: 1 } };
    expect(formula('properties["ids"][0]', ids)).toBe('a');
    expect(formula('properties["ids"][-1]', ids)).toBeUndefined();
    expect(formula('properties["o"]["k"]', ids)).toBe(1);
    expect(formula('split("x/y", "/")[1]')).toBe('y');
  });

  it('takes letters for the properties that a saved formula names', () => {
    const inputs = {
      A: { source: 'properties', name: 'price' },
      D: { source: 'user', name: 'signup' },
    } as const;
    const expression = parseFormula('A + datedif(D, "2024-01-11", D)', inputs);
    const value = evaluate(expression, {
      properties: { price: 3 },
      user: { signup: '2024-01-01' },
    });
    expect(value).toBe(13);
    expect(errorOf(() => parseFormula('B', inputs)).message).toBe(
      'character 1: found "B", expected a property such as properties["price"] or user["plan"], or a name of let',
    );
  });
});
