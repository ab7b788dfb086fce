#!/usr/bin/env node
console.log('y')
