declare module 'licences' {
  const list: {name: string; licence: string; text: string}[];
  export default list;
}
