/** What the sample's names are made of. All of it invented or everyday; the mail domains are reserved for examples. */
const list = (text: string): readonly string[] => text.trim().split(/\s*,\s*/);

export const firstNames = list(`
  Ada, Amir, Anneke, Arjun, Astrid, Beatriz, Bence, Bianca, Carlos, Chidi, Chloe, Dario, Delphine, Dmitri, Edda, Elif,
  Emeka, Esther, Farah, Felix, Fiona, Gabor, Greta, Hanna, Hassan, Helga, Hiro, Ida, Ines, Ivan, Jamal, Jana, Jonas,
  Kaito, Karin, Kwame, Laszlo, Leila, Lena, Lucia, Magnus, Mariam, Mateo, Mei, Milan, Nadia, Nils, Noor, Olga, Omar,
  Paula, Petra, Priya, Rafael, Rosa, Samira, Sanna, Stefan, Tamar, Tomas, Vera, Viktor, Yara, Zoe
`);

export const lastNames = list(`
  Abebe, Adler, Almeida, Andersen, Aydin, Balogh, Banerjee, Bauer, Berger, Bianchi, Brandt, Castillo, Chen, Costa,
  Dahl, Diallo, Dupont, Eriksen, Falk, Farkas, Fischer, Fontaine, Garcia, Haddad, Hansen, Hartmann, Horvat, Ibrahim,
  Ito, Jensen, Kaya, Keller, Khan, Kovacs, Kruger, Larsen, Lehmann, Lindqvist, Lopez, Marino, Mendes, Mensah, Moreau,
  Nagy, Nakamura, Novak, Okafor, Olsen, Osei, Park, Patel, Pereira, Petrov, Popescu, Ricci, Romero, Rossi, Sato,
  Schmitt, Silva, Singh, Sorensen, Svensson, Tanaka, Tran, Vargas, Virtanen, Vogel, Weber, Winter, Wolf, Yilmaz
`);

export const streets = list(`
  Alder Lane, Baker Row, Birch Street, Bridge Road, Canal Street, Castle Hill, Chapel Lane, Church Road, Cliff Way,
  Elm Avenue, Fern Close, Ferry Road, Garden Street, Hazel Lane, Hill Street, Lake Road, Linden Avenue, Market Square,
  Mill Lane, Oak Street, Orchard Way, Park Avenue, Quarry Road, River Street, School Lane, Spring Road, Station Road,
  Tower Street, Valley Road, Willow Lane
`);

export const cities = list(`
  Ashford Bay, Bellwater, Brightmoor, Cedar Falls, Coldbrook, Eastmere, Fairhaven, Greyport, Highfield, Kingsbridge,
  Lakeside, Marlow Heath, Northgate, Old Harbour, Pinecrest, Ravenhill, Silverton, Stonebridge, Thornbury, Westmarch
`);

export const adjectives = list(
  'Alpine, Nordic, Coastal, Valley, Summit, Meadow, Granite, Harbour, Ridge, Timber',
);

export const things = list(`
  Bivouac Bag, Camp Stove, Carabiner, Climbing Rope, Compass, Cooking Set, Day Pack, Down Jacket, Dry Bag, Fleece,
  Gaiters, Hammock, Harness, Headlamp, Helmet, Hiking Poles, Map Case, Mountain Boots, Rain Shell, Sleeping Bag,
  Sleeping Mat, Snowshoes, Sun Hat, Tent, Thermos, Touring Skis, Trail Shoes, Water Filter, Wool Socks, Work Gloves
`);

export const courseTitles = list(`
  Avalanche Awareness, Beginners on Rock, First Aid Outdoors, Glacier Travel, Kayak Basics, Map and Compass,
  Mountain Weather, Multi-pitch Climbing, Night Hike, Ski Touring, Trail Running, Winter Camping
`);
