package iam

// protected reports that the role belongs to a service, which alone may change it: the roles of Identity Center and
// service-linked roles.
func (r *Role) protected() error {
	if r.Service == "" {
		return nil
	}
	return protectedRole(r.Name)
}
