import { testContracts } from "./testing/test-contracts.ts";

// Other documents each time; many more of them in the large test.
testContracts(5);
