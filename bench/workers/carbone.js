// Carbone's render, its office kept up (one factory). Arguments: the context, the folder of node_modules.
const fs = require('fs');
const readline = require('readline');
const carbone = require(require.resolve('carbone', { paths: [process.argv[3]] }));

const context = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
carbone.set({ factories: 1, startFactory: true, factoryMemoryThreshold: 0 });
const lines = readline.createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const order = JSON.parse(line);
  carbone.render(order.template, context, { convertTo: 'pdf' }, (error, pdf) => {
    if (error) throw error;
    fs.writeFileSync(order.target, pdf);
    console.log('{}');
  });
});
lines.on('close', () => process.exit(0));
