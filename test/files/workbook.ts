import { crc32, deflateRawSync } from 'node:zlib';

type Value = string | number | boolean | { date: number };

/** The bytes of an .xlsx with these sheets, as a spreadsheet program would store them. */
export function workbook(...sheets: (Value | null)[][][]): Buffer {
  return workbookOf(sheets.map(sheetXml));
}

interface Workbook {
  /** Of the sheets; `Sheet 1` and so on unless given. */
  names?: readonly string[];
  /** Numbers, from 1, of sheets whose tabs are hidden. */
  hidden?: readonly number[];
  /** XML after the rows of each sheet. */
  after?: readonly string[];
  /** Addresses behind cells by their relation, for all sheets alike. */
  links?: Readonly<Record<string, string>>;
  /** Replaces the sizes that the archive claims for the sheets. */
  claimed?: number;
  /** Number formats of the styles from 2 on; 0 is a plain number, 1 a date. */
  formats?: readonly string[];
  /** Days count from 1904, as on old Macs. */
  from1904?: boolean;
}

/** The same from the sheets' XML. */
export function workbookOf(
  sheets: string[],
  { claimed, formats = [], from1904 = false, names = [], hidden = [], after = [], links = {} }: Workbook = {},
): Buffer {
  const numbers = sheets.map((_, index) => index + 1);
  const types = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  return zip([
    {
      name: 'xl/workbook.xml',
      text: `<workbook xmlns="${main}" xmlns:r="${types}">${from1904 ? '<workbookPr date1904="1"/>' : ''}<sheets>${numbers
        .map(
          (number) =>
            `<sheet name="${names[number - 1] ?? `Sheet ${number}`}" sheetId="${number}"${hidden.includes(number) ? ' state="hidden"' : ''} r:id="rId${number}"/>`,
        )
        .join('')}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      text: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${numbers
        .map(
          (number) =>
            `<Relationship Id="rId${number}" Type="${types}/worksheet" Target="worksheets/sheet${number}.xml"/>`,
        )
        .join('')}</Relationships>`,
    },
    {
      name: 'xl/styles.xml',
      text: `<styleSheet xmlns="${main}"><numFmts>${formats
        .map((code, index) => `<numFmt numFmtId="${164 + index}" formatCode="${code}"/>`)
        .join('')}</numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>${formats
        .map((_, index) => `<xf numFmtId="${164 + index}"/>`)
        .join('')}</cellXfs></styleSheet>`,
    },
    ...sheets.map((text, index) => ({
      name: `xl/worksheets/sheet${index + 1}.xml`,
      text: `<worksheet xmlns="${main}" xmlns:r="${types}"><sheetData>${text}</sheetData>${after[index] ?? ''}</worksheet>`,
      ...(claimed === undefined ? {} : { claimed }),
    })),
    ...sheets.map((_, index) => ({
      name: `xl/worksheets/_rels/sheet${index + 1}.xml.rels`,
      text: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${Object.entries(
        links,
      )
        .map(
          ([id, target]) =>
            `<Relationship Id="${id}" Type="${types}/hyperlink" Target="${target}" TargetMode="External"/>`,
        )
        .join('')}</Relationships>`,
    })),
  ]);
}

export function sheetXml(rows: (Value | null)[][]): string {
  return rows
    .map((row, index) => {
      const cells = row.map((value, column) =>
        cellXml(`${String.fromCharCode(65 + column)}${index + 1}`, value),
      );
      return `<row r="${index + 1}">${cells.join('')}</row>`;
    })
    .join('');
}

function cellXml(address: string, value: Value | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return `<c r="${address}"><v>${value}</v></c>`;
  if (typeof value === 'boolean') return `<c r="${address}" t="b"><v>${Number(value)}</v></c>`;
  if (typeof value === 'object') return `<c r="${address}" s="1"><v>${value.date}</v></c>`;
  const text = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<c r="${address}" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
}

interface Part {
  name: string;
  text: string;
  /** The size that the archive claims; the true one unless given. */
  claimed?: number;
}

/** A ZIP archive (PKWARE APPNOTE) of deflated parts. */
export function zip(parts: Part[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const { name, text, claimed } of parts) {
    const data = Buffer.from(text);
    const packed = deflateRawSync(data);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(claimed ?? data.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    central.push(Buffer.from('PK\x01\x02\x14\0'), fields, tail, Buffer.from(name));
    locals.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(parts.length, 4);
  end.writeUInt16LE(parts.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end]);
}
