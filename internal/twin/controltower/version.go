package controltower

// Versions. Landing zone 3.3 of December 2023 is what the classic profile ends with; today's is 4.0.
// Source: Control Tower user guide, "Compatibility of OU baselines and landing zone versions".
const (
	zone33 = "3.3"
	zone40 = "4.0"

	sharedVersion = "1.0" // of the baselines of shared accounts
)

// latestZone is the newest version there is to update to.
func (s *Service) latestZone() string {
	if s.config.Profile == Classic {
		return zone33
	}
	return zone40
}

// served tells whether a landing zone may have a version.
func (s *Service) served(version string) bool {
	return version == zone33 || version == zone40 && s.config.Profile == Current
}

// baselineFor gives the version of AWSControlTowerBaseline that goes with a landing zone version: always the latest that is
// compatible.
func baselineFor(zone string) string {
	if zone == zone40 {
		return "5.0"
	}
	return "4.0"
}

func compatible(baseline, zone string) bool { return baseline == baselineFor(zone) }
