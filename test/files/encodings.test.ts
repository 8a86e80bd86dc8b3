import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { writeEnriched } from '../../core/node/files/index.ts';
import { listOf, rowsOf, testFolder } from './lists.ts';

const folder = await testFolder();

/** Rows of a short list in a language, and the encodings that programs write it in. */
const LISTS: readonly (readonly [language: string, encodings: readonly string[], rows: readonly string[]])[] =
  [
    [
      'Russian',
      ['windows-1251', 'koi8-r', 'iso-8859-5', 'cp866', 'maccyrillic'],
      ['Имя;Фамилия;Компания', 'Иван;Петров;Ромашка', 'Ольга;Смирнова;Северсталь'],
    ],
    ['Ukrainian', ['windows-1251', 'koi8-u'], ["Ім'я;Прізвище;Компанія", 'Андрій;Шевченко;Київстар']],
    ['Bulgarian', ['windows-1251'], ['Име;Фамилия;Фирма', 'Георги;Димитров;Овергаз']],
    ['Greek', ['windows-1253', 'iso-8859-7'], ['Όνομα;Επώνυμο;Εταιρεία', 'Γιώργος;Παπαδόπουλος;Αθήνα']],
    [
      'Polish',
      ['windows-1250', 'iso-8859-2', 'cp852'],
      ['Imię;Nazwisko;Firma', 'Paweł;Zieliński;Żabka', 'Małgorzata;Wójcik;Orlen'],
    ],
    [
      'Polish with a letter that is Czech in another encoding',
      ['windows-1250', 'iso-8859-2', 'cp852'],
      ['Imię;Nazwisko;Firma', 'Łukasz;Żółć;Orlen', 'Grażyna;Gąska;Orlen'],
    ],
    [
      'Czech',
      ['windows-1250', 'iso-8859-2'],
      ['Jméno;Příjmení;Firma', 'Tomáš;Kučera;Kofola', 'Zdeněk;Dvořák;Škoda'],
    ],
    ['Hungarian', ['windows-1250', 'iso-8859-2'], ['Vezetéknév;Keresztnév', 'Erdős;Győző', 'Szűcs;Béla']],
    [
      'Croatian',
      ['windows-1250', 'iso-8859-2'],
      ['Ime;Prezime;Tvrtka', 'Željko;Perić;Podravka', 'Ivana;Šimić;Kraš'],
    ],
    ['Turkish', ['windows-1254'], ['Ad;Soyad;Şirket', 'Işık;Yıldız;Güneş', 'Ayşe;Öztürk;Arçelik']],
    ['Lithuanian', ['windows-1257'], ['Vardas;Pavardė;Įmonė', 'Žydrūnas;Kazlauskas;Klaipėda']],
    ['Hebrew', ['windows-1255'], ['שם;משפחה;חברה', 'דוד;כהן;טבע', 'רחל;לוי;אלעל']],
    ['Arabic', ['windows-1256'], ['الاسم;الشركة', 'محمد;أرامكو', 'فاطمة;الراجحي']],
    ['Thai', ['windows-874'], ['ชื่อ;บริษัท', 'สมชาย;ปตท', 'สมหญิง;รักไทย']],
    [
      'German',
      ['windows-1252', 'macintosh', 'cp850'],
      ['Vorname;Nachname;Straße', 'Jürgen;Müller;Königsallee', 'Käthe;Schröder;Südweg'],
    ],
    [
      'French',
      ['windows-1252', 'macintosh', 'cp850'],
      ['Prénom;Nom;Société', 'Hélène;Lefèvre;Générale', 'François;Côté;Noël'],
    ],
    [
      'Portuguese',
      ['windows-1252', 'macintosh'],
      ['Nome;Apelido;Função', 'João;Gonçalves;Direção', 'Inês;Simões;Gestão'],
    ],
    ['Danish', ['windows-1252'], ['Fornavn;Efternavn', 'Søren;Ægidius', 'Åse;Sørensen']],
    ['Japanese', ['shift_jis', 'euc-jp'], ['氏名,会社名', '山田 太郎,コントソ', '佐藤 花子,ファブリカム']],
    ['Chinese', ['gb18030', 'gbk'], ['姓名,公司', '张伟,腾讯科技', '王芳,阿里巴巴']],
    ['Chinese of Taiwan', ['big5'], ['姓名,公司', '陳志明,台積電', '林淑芬,鴻海精密']],
    ['Korean', ['euc-kr'], ['이름,회사', '김민수,삼성전자', '이영희,현대자동차']],
  ];

describe('a list that says nothing of its encoding is read right', () => {
  const cases = LISTS.flatMap(([language, encodings, rows]) =>
    encodings.map((encoding) => [language, encoding, rows] as const),
  );
  it.each(cases)('%s in %s', async (_language, encoding, rows) => {
    // Down to one lead, and with a header of plain ASCII.
    for (const lines of [
      rows,
      rows.slice(0, 2),
      [rows[0]?.includes(',') ? 'a,b,c' : 'a;b;c', ...rows.slice(1)],
    ]) {
      const list = await listOf(folder, iconv.encode(`${lines.join('\r\n')}\r\n`, encoding), {
        header: true,
      });
      const [header, ...leads] = lines.map((line) => line.split(/[,;]/));
      const width = list.headers.length;
      expect(list.headers.slice(0, header?.length)).toEqual(header?.slice(0, width));
      expect((await rowsOf(list)).map((row) => row.filter(Boolean))).toEqual(leads);
    }
  });

  it('is written back in UTF-8 with the same cells', async () => {
    const list = await listOf(folder, iconv.encode('Имя;Фамилия\nИван;Петров\n', 'windows-1251'), {
      header: true,
    });
    const target = join(folder, 'russian.csv');
    const rows = async function* () {
      for await (const cells of list.rows()) yield { cells, added: ['matched'] };
    };
    await writeEnriched({ target, source: list, columns: ['apollo_outcome'], rows: rows() });
    expect(await readFile(target, 'utf8')).toBe('\uFEFFИмя;Фамилия;apollo_outcome\nИван;Петров;matched\n');
  });

  it('far down in a long list of plain ASCII', async () => {
    const plain = 'Ada;Lovelace\n'.repeat(50_000);
    const list = await listOf(
      folder,
      Buffer.concat([
        Buffer.from(`Name;Surname\n${plain}`),
        iconv.encode('Zdeněk;Růžička\nJiří;Dvořák\n', 'windows-1250'),
      ]),
    );
    expect(list).toMatchObject({ encoding: 'windows-1250', rowCount: 50_002 });
    expect((await rowsOf(list)).slice(-2)).toEqual([
      ['Zdeněk', 'Růžička'],
      ['Jiří', 'Dvořák'],
    ]);
  });

  it.each(['utf-16le', 'utf-16be', 'utf-8'])('Cyrillic in %s without a mark', async (encoding) => {
    const list = await listOf(folder, iconv.encode('Имя;Фамилия\r\nИван;Петров\r\n', encoding), {
      header: true,
    });
    expect(list.headers).toEqual(['Имя', 'Фамилия']);
    expect(await rowsOf(list)).toEqual([['Иван', 'Петров']]);
  });

  it('Japanese mail, with its escapes in ASCII', async () => {
    const bytes = Buffer.concat([
      Buffer.from('name,company\n'),
      Buffer.from('1b24423b3345441b2842', 'hex'),
      Buffer.from(',Contoso\n'),
    ]);
    expect(await rowsOf(await listOf(folder, bytes))).toEqual([['山田', 'Contoso']]);
  });
});

describe('a list whose encoding nobody can tell', () => {
  it('is refused before anything is spent, with the advice to name it', async () => {
    // Letters that stand side by side in no language, whatever they are read as.
    const bytes = Buffer.concat([
      Buffer.from('Name;Company\n'),
      Buffer.from('4181b94281fe43ff;90fd80ffa0fe\n8181ff;fefe80\n', 'hex'),
    ]);
    await expect(listOf(folder, bytes)).rejects.toMatchObject({
      name: 'LeadFileError',
      message: expect.stringMatching(
        /encoding that cannot be recognised.*CSV UTF-8.*--encoding.*try again\.$/,
      ),
    });
  });

  it('is read as its owner says', async () => {
    const list = await listOf(folder, iconv.encode('Имя;Фамилия\nИван;Петров\n', 'cp866'), {
      encoding: 'ibm866',
      header: true,
    });
    expect(await rowsOf(list)).toEqual([['Иван', 'Петров']]);
    await expect(listOf(folder, 'a', { encoding: 'klingon' })).rejects.toThrow(
      /"klingon" is not a known text encoding/,
    );
  });
});
