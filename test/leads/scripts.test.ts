import { describe, expect, it } from 'vitest';
import { compareNames } from '../../core/leads/same-name.ts';

/** One name in its own script, and as people write it in Latin letters. */
const NAMES =
  `גיא כהן|Guy Cohen; משה לוי|Moshe Levi; שרה פרידמן|Sarah Friedman; אברהם מזרחי|Avraham Mizrahi; יצחק רבין|Yitzhak Rabin;
محمد علي|Mohamed Ali; أحمد حسن|Ahmed Hassan; يوسف خليل|Youssef Khalil; خالد السيد|Khaled El-Sayed; محمود درويش|Mahmoud Darwish;
جمال عبد الناصر|Gamal Abdel Nasser; عمر الشريف|Omar Sharif;
प्रिया शर्मा|Priya Sharma; राहुल गांधी|Rahul Gandhi; सचिन तेंदुलकर|Sachin Tendulkar; विजय सिंह|Vijay Singh; राजेश खन्ना|Rajesh Khanna;
শেখ হাসিনা|Sheikh Hasina; সৌরভ গাঙ্গুলি|Sourav Ganguly; முத்து குமார்|Muthu Kumar; சுந்தர் பிச்சை|Sundar Pichai;
გიორგი გელაშვილი|Giorgi Gelashvili; ირაკლი კობახიძე|Irakli Kobakhidze; Արամ Խաչատրյան|Aram Khachatryan;
Հովհաննես Թումանյան|Hovhannes Tumanyan; สมชาย ใจดี|Somchai Jaidee; สุดา แก้วมณี|Suda Kaewmanee`
    .split(';')
    .map((pair) => pair.trim().split('|') as [string, string]);

describe('a name in a script without vowels, or with many Latin spellings', () => {
  it.each(NAMES)('%s is %s', (own, latin) => {
    const same = { verdict: 'same', how: 'by another spelling' };
    expect(compareNames({ name: own }, { name: latin })).toEqual(same);
    const [firstName = '', ...rest] = latin.split(' ');
    expect(compareNames({ firstName, lastName: rest.join(' ') }, { name: own })).toEqual(same);
  });

  it('is no other of these names', () => {
    const taken = NAMES.flatMap(([own], at) =>
      NAMES.flatMap(([, latin], other) =>
        at !== other && compareNames({ name: own }, { name: latin }).verdict !== 'unknown'
          ? [`${own} is not ${latin}`]
          : [],
      ),
    );
    expect(taken).toEqual([]);
  });

  it.each([
    ['דניאל כהן', 'Daniela Cohen'],
    ['دانيال حسن', 'Daniela Hassan'],
    ['علي حسن', 'Ali Hussein'],
    ['علي حسن', 'Lea Hassan'],
    ['विजय सिंह', 'Vijay Sen'],
    ['प्रिया शर्मा', 'Pooja Sharma'],
    ['გიორგი გელაშვილი', 'Giorgi Gelovani'],
    ['Արամ Խաչատրյան', 'Armen Khachatryan'],
    ['محمد', 'Mohamed Ali'],
  ])('%s is not said to be %s, and not said to be another', (own, latin) => {
    expect(compareNames({ name: own }, { name: latin })).toEqual({ verdict: 'unknown' });
  });
});
