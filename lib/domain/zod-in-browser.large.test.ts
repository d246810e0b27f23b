import { testContracts } from "./testing/test-contracts.ts";

testContracts(500);
