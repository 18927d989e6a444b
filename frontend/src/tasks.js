// My tasks: a stop is finished with one press, with or without a network.
import './phone.js'
import { startVisits } from './parts/visits.js'

startVisits()
