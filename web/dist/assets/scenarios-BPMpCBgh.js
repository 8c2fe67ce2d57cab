import{T as e,_r as t,hr as n,ln as r,xn as i}from"./internal-C3FXQbGA.js";import{a}from"./internal-4u1VT90o.js";import{t as o}from"./container-DGOOO8H2.js";import{t as s}from"./expandable-section-DpSOHNeq.js";import{t as c}from"./form-field-RE_eGLl1.js";import{t as l}from"./header-CNwflxoC.js";import{t as u}from"./input-CccjdAQy.js";import{L as d,R as f}from"./index-CSy7DHe6.js";import{t as p}from"./confirm-BZ_gCNfs.js";import{t as m}from"./copy-_yqFD9I8.js";var h=t(n(),1),g=`description: >
  A bad day at the factory: the first account fails half way, the second meets a leftover of Config, the third takes longer
  than an hour. Launch three accounts while it plays; each can be finished by an update of its provisioned product.
reset: true
steps:
  - name: the first account's baseline fails
    what: {fault: {name: F17, count: 1}}
  - name: every account has a Config recorder
    when: {event: CreateManagedAccount, state: FAILED}
    what: {condition: {name: config-recorder}}
  - name: somebody deletes the recorders
    when: {event: CreateManagedAccount, state: FAILED}
    what: {clear: {name: config-recorder}}
  - name: the third hangs
    what: {fault: {name: F12, count: 1}}
  - name: an hour passes
    when: {step: baseline, after: 1s}
    what: {clock: {advance: 61m}}
`,_=`description: >
  The landing zone has drifted: the console would refuse, Account Factory goes on. A reset of the landing zone repairs it.
steps:
  - what: {fault: {name: F14}}
`,v=`description: >
  The organization is full. The next launch fails with ACCOUNT_LIMIT_EXCEEDED, until AWS has raised the quota.
steps:
  - what: {condition: {name: account-limit, value: "3"}}
  - name: AWS raises the quota
    when: {event: CreateManagedAccount, state: FAILED}
    what: {clear: {name: account-limit}}
`,y=`description: >
  AWS is busy: Service Catalog and Organizations throttle every third call for a while, and answers come late.
steps:
  - what: {fault: {kind: throttle, service: servicecatalog, probability: 0.34}}
  - what: {fault: {kind: throttle, service: organizations, probability: 0.34}}
  - what: {fault: {kind: delay, delay: 300ms, probability: 0.2}}
  - name: it is over
    when: {after: 20s}
    what: {disarm: true}
`,b=e(),x={"bad-day":g,drift:_,"full-organization":v,throttled:y};function S(){return(0,b.jsxs)(r,{size:`l`,children:[(0,b.jsx)(l,{variant:`h1`,description:`Play the same day again`,children:`Scenarios`}),(0,b.jsx)(C,{}),(0,b.jsx)(o,{header:(0,b.jsx)(l,{variant:`h2`,description:`Files that say what goes wrong, and when. The command line plays them.`,children:`Files`}),children:(0,b.jsx)(r,{size:`m`,children:Object.entries(x).map(([e,t])=>(0,b.jsxs)(`div`,{children:[(0,b.jsx)(m,{text:`accountfactory lab scenario run docs/scenarios/${e}.yaml`,what:`command`}),(0,b.jsx)(s,{headerText:e,children:(0,b.jsx)(`pre`,{className:`af-code`,tabIndex:0,"aria-label":`Scenario ${e}`,children:t})})]},e))})})]})}function C(){let{twin:e}=i(),[t,n]=(0,h.useState)(`before-lunch`),[s,m]=(0,h.useState)(),[g,_]=d(),v=async n=>{let r=await _(n,()=>e.send(`POST`,n,n===`reset`?{}:{name:t}));m(void 0),r&&f(`success`,n===`snapshot`?`The state is kept as ${t}`:`The twin is as it was`)};return(0,b.jsxs)(o,{header:(0,b.jsx)(l,{variant:`h2`,description:`The twin's state; the factory's requests stay as they are`,children:`State`}),children:[(0,b.jsxs)(r,{size:`m`,children:[(0,b.jsx)(c,{label:`Name of a snapshot`,children:(0,b.jsx)(u,{value:t,onChange:({detail:e})=>n(e.value),autoComplete:!1})}),(0,b.jsxs)(r,{direction:`horizontal`,size:`xs`,children:[(0,b.jsx)(a,{loading:g,disabled:!t,onClick:()=>void v(`snapshot`),children:`Keep the state`}),(0,b.jsx)(a,{disabled:!t,onClick:()=>m(`restore`),children:`Go back to it`}),(0,b.jsx)(a,{onClick:()=>m(`reset`),children:`Go back to the first start`})]})]}),s&&(0,b.jsx)(p,{visible:!0,title:s===`reset`?`Go back to the first start?`:`Go back to ${t}?`,action:`Go back`,busy:g,close:()=>m(void 0),go:()=>void v(s),children:`Accounts, users and passwords made since are gone, this session perhaps with them.`})]})}export{S as Scenarios};